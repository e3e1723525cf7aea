"""How many hidden layers a function needs."""
