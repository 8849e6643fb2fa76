"""The write side of the knowledge base: files in, a published generation out."""
