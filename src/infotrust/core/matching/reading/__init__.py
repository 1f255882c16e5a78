"""Files become records: what each column means, what each value is in its standard form."""
