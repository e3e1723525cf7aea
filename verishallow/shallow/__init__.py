"""The three-layer networks: their construction from a cell tree, and their exact evaluation."""
