"""Teaching the reader of kb/reader.py: its lessons, and how it learns from them."""
