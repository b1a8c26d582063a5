// The posting form: counts chosen regions, adds rows of parameters; the form works without it.
(function () {
  "use strict";

  document.querySelectorAll("[data-tiles]").forEach(function (tiles) {
    var status = tiles.querySelector("[data-tiles-count]");
    function count() { status.textContent = tiles.querySelectorAll("input:checked").length + " / " + tiles.querySelectorAll("input").length; }
    tiles.addEventListener("change", count);
    count();
  });

  document.querySelectorAll("[data-rows]").forEach(function (rows) {
    rows.addEventListener("change", function () {
      var all = rows.querySelectorAll("[data-row]");
      var last = all[all.length - 1];
      if (all.length > 29 || !last.querySelector("select").value) { return; }
      var next = last.cloneNode(true);
      next.querySelectorAll("input").forEach(function (input) { input.value = ""; });
      next.querySelectorAll("select").forEach(function (select) { select.selectedIndex = 0; });
      rows.append(next);
    });
  });
})();
