"""The read side of the knowledge base: types, index, retrieval and answers."""
