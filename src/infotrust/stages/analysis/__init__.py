"""Approved questions, answered by locked queries in the enclave."""
