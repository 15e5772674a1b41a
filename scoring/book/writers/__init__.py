"""The writers of the book: one content tree in (scoring.book.nodes), one file out; nothing of Django."""
