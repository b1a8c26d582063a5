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

  // Says how the quantity is read: thousands set apart, a year's worth of what is counted by the month.
  document.querySelectorAll("[data-reads]").forEach(function (line) {
    var amount = document.getElementById("id_quantity");
    var unit = document.getElementById("id_unit");
    var period = document.getElementById("id_period");
    var powers = { "\u5343": 1e3, k: 1e3, "\u4e07": 1e4, "\u4ebf": 1e8 };
    function written(number) { return number.toLocaleString("en", { maximumFractionDigits: 3 }); }
    function read() {
      var found = /^(\d+(?:\.\d+)?)(\u5343|k|\u4e07|\u4ebf)?$/.exec(amount.value.normalize("NFKC").replace(/[\s,\u3001]/g, "").toLowerCase());
      var number = found ? parseFloat(found[1]) * (powers[found[2]] || 1) : 0;
      var text = line.dataset[period.value];
      if (!number || number > 1e12 || !text) { line.textContent = ""; return; }
      var name = unit.value ? unit.options[unit.selectedIndex].text : "";
      line.textContent = text.replaceAll("{amount}", written(number)).replaceAll("{year}", written(12 * number)).replaceAll("{unit}", name);
    }
    [amount, unit, period].forEach(function (control) { control.addEventListener("input", read); control.addEventListener("change", read); });
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
