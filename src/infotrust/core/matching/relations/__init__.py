"""Who lives with whom, and whose child one is: relations between the persons of a linkage, with time and reasons."""
