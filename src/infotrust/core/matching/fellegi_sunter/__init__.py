"""The documented special case of two classes: levels with weights, blocking rules, one compiled pass over the pairs."""
