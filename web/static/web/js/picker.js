// Combobox for chain nodes: asks the server, moves with the arrow keys, never chooses by itself. Without it the field
// takes words, and the page after sending lists what they may mean.
(function () {
  "use strict";

  var WAIT_MS = 200;

  function text(tag, content, className) {
    var element = document.createElement(tag);
    element.textContent = content;
    if (className) { element.className = className; }
    return element;
  }

  function marked(content, words) {
    var span = document.createElement("span");
    var at = words ? content.toLowerCase().indexOf(words.toLowerCase()) : -1;
    if (at < 0) {
      span.textContent = content;
      return span;
    }
    span.append(content.slice(0, at), text("mark", content.slice(at, at + words.length)), content.slice(at + words.length));
    return span;
  }

  function combo(root) {
    var input = root.querySelector("input:not([type=hidden]):not([type=radio])");
    var code = root.querySelector("input[type=hidden][name=node]");
    var list = root.querySelector("[role=listbox]");
    var status = root.querySelector("[data-combo-status]");
    var words = document.getElementById("choice-words");
    var active = -1;
    var timer = 0;
    var asked = 0;
    var usualToo = "usual" in root.dataset;
    if (!input || !list || (usualToo && !code)) { return; }
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("autocomplete", "off");

    function close() {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function activate(place) {
      var rows = list.children;
      if (!rows.length) { return; }
      active = (place + rows.length) % rows.length;
      Array.prototype.forEach.call(rows, function (row, n) { row.setAttribute("aria-selected", n === active ? "true" : "false"); });
      input.setAttribute("aria-activedescendant", rows[active].id);
      rows[active].scrollIntoView({ block: "nearest" });
    }

    function choose(row) {
      input.value = usualToo ? row.dataset.name : row.dataset.name + " (" + row.dataset.code + ")";
      if (usualToo) { code.value = row.dataset.code; }
      close();
      input.dispatchEvent(new Event("change", { bubbles: true }));
      if (usualToo) { usual(root.dataset.address + row.dataset.code + "/usual/"); }
    }

    function show(found) {
      list.replaceChildren();
      found.forEach(function (node, n) {
        var row = document.createElement("li");
        var name = marked(node.name, input.value.trim());
        row.id = list.id + "-" + n;
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", "false");
        row.dataset.code = node.code;
        row.dataset.name = node.name;
        var also = node.matched && node.matched !== node.name && node.matched !== node.other_name ? [marked(node.matched, node.matched)] : [];
        var small = text("small", [node.path.join(" › "), node.other_name].filter(Boolean).join(" · ") + (also.length ? " · " : ""));
        small.append.apply(small, also);
        name.append(small);
        row.append(name);
        row.addEventListener("mousedown", function (event) {
          event.preventDefault();
          choose(row);
        });
        list.append(row);
      });
      list.hidden = !found.length;
      active = -1;
      input.setAttribute("aria-expanded", found.length ? "true" : "false");
      input.removeAttribute("aria-activedescendant");
      status.textContent = found.length ? found.length + " " + words.content.querySelector("[data-count]").textContent : words.content.querySelector("[data-none]").textContent;
    }

    function ask() {
      var query = input.value.trim();
      var turn = (asked += 1);
      if (!query) { close(); return; }
      fetch(root.dataset.address + "?q=" + encodeURIComponent(query), { headers: { Accept: "application/json" } })
        .then(function (answer) { return answer.ok ? answer.json() : { nodes: [] }; })
        .then(function (told) { if (turn === asked && document.activeElement === input) { show(told.nodes); } })
        .catch(close);
    }

    input.addEventListener("input", function () {
      if (code) { code.value = ""; }
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, WAIT_MS);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", function (event) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) { ask(); } else { activate(active + (event.key === "ArrowDown" ? 1 : -1)); }
      } else if (event.key === "Enter" && !list.hidden) {
        event.preventDefault();
        if (active >= 0) { choose(list.children[active]); }
      } else if (event.key === "Escape" && !list.hidden) {
        event.stopPropagation();
        close();
      }
    });
  }

  // What is usual for the chosen node moves to the top of its lists; an empty category gets the usual one; nothing that was chosen changes.
  function usual(address) {
    fetch(address, { headers: { Accept: "application/json" } })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (told) {
        if (!told) { return; }
        var subject = document.getElementById("id_subject");
        if (subject && !subject.value) { subject.value = told.subject; }
        document.querySelectorAll("select[data-choices=units], select[name=parameter]").forEach(function (select) {
          var codes = select.name === "parameter" ? told.parameters : told.units;
          var kept = select.value;
          codes.slice().reverse().forEach(function (one) {
            var option = Array.prototype.find.call(select.options, function (candidate) { return candidate.value === one; });
            if (option) { select.insertBefore(option, select.children[1] || null); }
          });
          select.value = kept || (select.name === "unit" && codes.length ? codes[0] : "");
        });
      })
      .catch(function () { });
  }

  document.querySelectorAll("[data-combo]").forEach(combo);
})();
