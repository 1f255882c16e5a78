"""What a delivery must look like, and the check of a file against it."""
