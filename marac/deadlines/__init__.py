"""What conferences must do by when; one module for each topic."""
