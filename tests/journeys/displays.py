"""How a page that is open is shown to who chose another size of text or contrast, without asking the server for it again."""

# As the server shows a page to who chose a text size or contrast: words on the root, nothing else
# (tests/portal/test_look.py).
SHOWN_AS = """({text = "", contrast = ""}) => {
  for (const [name, word] of Object.entries({text, contrast}))
    word ? document.documentElement.dataset[name] = word : delete document.documentElement.dataset[name];
}"""
