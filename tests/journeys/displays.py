"""How a page that is open is shown to who chose another size of text or contrast, without asking the server for it again."""

# As the server shows a page to who chose a text size or contrast: words on the root, nothing else
# (tests/portal/test_look.py).
SHOWN_AS = """({text = "", contrast = ""}) => {
  for (const [name, word] of Object.entries({text, contrast}))
    word ? document.documentElement.dataset[name] = word : delete document.documentElement.dataset[name];
}"""


def in_each_display(measure):
    """Return JavaScript that takes a list of displays and returns what `measure`, JavaScript too, says in each.

    The page is painted in none of them, only laid out, and stands in its own afterwards.
    """
    return f"""(displays) => {{
      const show = {SHOWN_AS};
      const said = displays.map((each) => (show(each), ({measure})()));
      show({{}});
      return said;
    }}"""
