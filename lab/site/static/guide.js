// A box that is wider than the page scrolls. With a `tabIndex` it can be scrolled by keyboard, too.
document.addEventListener("DOMContentLoaded", () => {
  // myst-nb names the button of a folded output in English, whatever the button's own text says.
  for (const button of document.querySelectorAll("details.hide > summary")) {
    button.removeAttribute("aria-label");
  }
  for (const box of document.querySelectorAll("pre, .table-wrapper, .cell_output .output")) {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
    }
  }
});
