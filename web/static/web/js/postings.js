// The posting form: counts chosen regions, adds rows of parameters, fills in windows; the form works without it.
(function () {
  "use strict";

  // The address names the posting that the form will become, so that going back leads to it and not to a second one.
  document.querySelectorAll("form[data-number]").forEach(function (form) {
    var address = new URL(window.location.href);
    address.searchParams.set("number", form.dataset.number);
    window.history.replaceState(window.history.state, "", address);
  });

  document.querySelectorAll("[data-presets]").forEach(function (presets) {
    var ends = ["window_start", "window_end"].map(function (name) { return document.getElementById("id_" + name); });
    presets.addEventListener("change", function (event) {
      if (event.target.value === "own") { ends[0].focus(); return; }
      ends[0].value = event.target.dataset.start;
      ends[1].value = event.target.dataset.end;
    });
    ends.forEach(function (input) {
      input.addEventListener("input", function () { presets.querySelector("[value=own]").checked = true; });
    });
  });

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
