"""What people do with conferences, one package for each topic."""
