"""RDF terms, formats and canonical writing: nothing here knows what the data says."""
