/* Words that were typed into a long form and not sent: the browser asks before it leaves them behind. It asks in its own
   words, and only where a text area says something else than when the page came, or a refused form holds words that
   nobody has saved yet. Without this script a page works as ever. */
(function () {
  "use strict";
  var sent = false;

  function unsaved(area) {
    var form = area.form;
    if (!form || form.method !== "post" || area.readOnly || area.disabled) return false;
    return area.value !== area.defaultValue || (area.value !== "" && form.querySelector(".usa-error-message") !== null);
  }

  document.addEventListener("submit", function (event) {
    sent = !event.defaultPrevented;
  });
  window.addEventListener("pageshow", function () {
    sent = false;  // back from the next page by the browser's button
  });
  window.addEventListener("beforeunload", function (event) {
    if (!sent && Array.from(document.querySelectorAll("textarea")).some(unsaved)) event.preventDefault();
  });
})();
