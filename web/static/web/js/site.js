// Small conveniences; every page works without them.
(function () {
  "use strict";

  function focusFirst(root) {
    var found = root.querySelector("[data-focus]");
    if (found) { found.focus(); }
  }

  function closeMenus(except) {
    document.querySelectorAll("[data-menu][open]").forEach(function (menu) {
      if (menu !== except) { menu.open = false; }
    });
  }

  document.addEventListener("DOMContentLoaded", function () { focusFirst(document); });
  document.addEventListener("htmx:afterSwap", function (event) { focusFirst(event.detail.target || document); });
  document.addEventListener("htmx:oobAfterSwap", function (event) { focusFirst(event.detail.target || document); });

  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest("[data-menu]"));
    if (event.target.closest("[data-print]")) { window.print(); }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    var menu = document.querySelector("[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A choice that says so sends its form at once; its button stays for keyboards and for pages without scripts.
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-send]") && event.target.form) { event.target.form.requestSubmit(); }
  });

  function sayLoadingFailed(event) {
    var template = document.getElementById("load-failed");
    var target = event.detail.target;
    if (!template || !target || target.querySelector("[data-load-failed]")) { return; }
    var notice = template.content.firstElementChild.cloneNode(true);
    notice.setAttribute("data-load-failed", "");
    target.prepend(notice);
  }
  document.addEventListener("htmx:responseError", sayLoadingFailed);
  document.addEventListener("htmx:sendError", sayLoadingFailed);

  // Printing opens what is folded on the screen and folds it again.
  var opened = [];
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("main details:not([open])").forEach(function (part) { part.open = true; opened.push(part); });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (part) { part.open = false; });
    opened = [];
  });
})();
