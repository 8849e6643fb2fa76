"""What the pages share: escaping and markup, the answer, the document, and the state behind them."""
