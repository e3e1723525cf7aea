"""Exact linear regions: the cell tree, the engines that build it, and what is read off it."""
