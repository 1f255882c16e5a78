/* Keys for looking at pairs. They work only while the focus is in the box with the answer, so that they never surprise
   anyone elsewhere on the page (WCAG 2.1.4). Without this script the page works with Tab, arrows, space and Enter. */
(function () {
  "use strict";
  var box = document.querySelector("[data-keys]");
  if (!box) return;
  var form = box.querySelector("form[data-answer]");
  var undo = box.querySelector("form[data-undo]");
  var note = form.querySelector("[name=note]");
  var choices = Array.from(form.querySelectorAll("[name=verdict]"));

  function choose(choice) {
    choice.checked = true;
    choice.focus({ preventScroll: true });
  }
  function chosen() {
    return choices.find(function (choice) { return choice.checked; });
  }

  box.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target === note) {
      if (event.key === "Escape") { choose(chosen() || choices[0]); event.preventDefault(); }
      return;
    }
    var key = event.key.toLowerCase();
    var named = choices.find(function (choice) { return choice.dataset.key === key; });
    if (named) {
      choose(named);
    } else if (event.key.startsWith("Arrow") && choices.includes(event.target) && !chosen()) {
      choose(choices[0]); /* the first press of an arrow chooses the first; browsers would begin with the second */
    } else if (key === "u" && undo) {
      undo.requestSubmit();
    } else if (key === "w") {
      note.closest("details").open = true;
      note.focus();
    } else {
      return;
    }
    event.preventDefault();
  });

  /* One answer for one press, and the page says that it is on its way. */
  box.addEventListener("submit", function (event) {
    if (box.getAttribute("aria-busy") === "true") { event.preventDefault(); return; }
    box.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", function () { box.removeAttribute("aria-busy"); });

  if (note.getAttribute("aria-describedby").includes("error")) note.focus();
  else (chosen() || choices[0]).focus({ preventScroll: true });
})();
