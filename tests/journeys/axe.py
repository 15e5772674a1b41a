"""axe, which reads a page as people do who cannot see it or see it badly."""

from axe_playwright_python.sync_playwright import Axe

AXE = Axe().axe_script  # for `page.add_init_script`, before a page is opened
PASSED: set[str] = set()  # looks of text in which axe has found the contrast large enough
# What axe complains of in a page that is open, and in which further looks it found the contrast of text large enough.
# Contrasts are most of its work, and what comes of one hangs on the look alone: colour and size of the text, and what is
# painted behind it. So text is passed over that looks like some that axe `passed` before, on whichever page, in whichever
# width. Behind a text may lie what is painted by the elements around it, and by what stands out of the flow of one of
# them. Only what axe itself passed counts: what it complains of or cannot tell it looks at again on every page.
# Its findings are taken as they are: to describe all that passes takes longer than to find it.
FIND = """async (passed) => {
  const all = [...document.querySelectorAll("body, body *")];
  const styles = new Map(all.map((each) => [each, getComputedStyle(each)]));
  const painted = ({ backgroundColor, backgroundImage, opacity, mixBlendMode }) =>
    `/${backgroundColor} ${backgroundImage} ${opacity} ${mixBlendMode}`.replace("/rgba(0, 0, 0, 0) none 1 normal", "");
  const holders = new Map(), loose = new Map(all.map((each) => [each, new Set()]));
  for (const [each, style] of styles) {
    const out = ["absolute", "fixed"].includes(style.position);
    holders.set(each, out ? each.offsetParent ?? document.body : holders.get(each.parentElement));
    loose.get(holders.get(each))?.add(painted(style));
  }
  const grounds = new Map(), looks = new Map(), known = new Set(passed);
  for (const [each, style] of styles) {
    const beside = [...loose.get(each)].filter((paint) => paint).map((paint) => `+${paint}`);
    grounds.set(each, [grounds.get(each.parentElement), painted(style), ...beside].join(""));
    const large = parseFloat(style.fontSize) >= (style.fontWeight >= 700 ? 18.66 : 24);
    looks.set(each, [style.color, style.textShadow, large, grounds.get(each)].join());
    each.toggleAttribute("data-passed", known.has(looks.get(each)));
  }
  axe.configure({ rules: [{ id: "color-contrast", selector: ":not([data-passed])" }] });
  const results = await axe.run(document, { preload: false, reporter: (results, options, done) => done(results) });
  const contrasts = results.find((each) => each.id === "color-contrast").passes;
  const found = results.filter((each) => each.violations.length);
  return [
    found.map((each) => [each.id, each.violations[0].node.element.outerHTML.slice(0, 160)]),
    contrasts.filter(({ any }) => any[0].data.contrastRatio).map(({ node }) => looks.get(node.element) ?? ""),
  ];
}"""


def complained(page):
    """Return what axe finds on the page that is open, as it is shown now: (rule, first element)."""
    found, looks = page.evaluate(FIND, list(PASSED))
    PASSED.update(looks)
    return found
