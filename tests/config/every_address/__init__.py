"""The walk over every address: who may open what, the world it walks, what each route means."""
