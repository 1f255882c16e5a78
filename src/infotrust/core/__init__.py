"""Calculations and rules, values in and values out. Imports no Django; usable alone."""
