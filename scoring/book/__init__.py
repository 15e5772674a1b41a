"""The book (年底汇编): a neutral content tree, the checks before printing, and the writers."""
