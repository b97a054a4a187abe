/* Extras: the page works without them.  Filters a long list; holds the code behind `#` against the page. */
(function () {
  "use strict";

  function filter(box) {
    var input = box.querySelector("input"), output = box.querySelector("output");
    var rows = document.querySelectorAll("[data-find]");
    var texts = Array.prototype.map.call(rows, function (row) { return fold(row.getAttribute("data-find")); });
    function apply() {
      var words = fold(input.value).split(/\s+/).filter(Boolean), shown = 0;
      rows.forEach(function (row, index) {
        var hit = words.every(function (word) { return texts[index].indexOf(word) >= 0; });
        row.hidden = !hit;
        shown += hit ? 1 : 0;
      });
      document.querySelectorAll("main section").forEach(function (section) {
        var own = section.querySelectorAll("[data-find]");
        if (own.length) { section.hidden = !section.querySelector("[data-find]:not([hidden])"); }
      });
      output.textContent = words.length ? shown + " 件" : "";
    }
    input.addEventListener("input", apply);
    box.hidden = false;
    if (input.value) { apply(); }
  }

  function fold(text) {
    return text.normalize("NFKC").toLowerCase();
  }

  function verify() {
    var said = location.hash.slice(1).toLowerCase();
    var box = document.querySelector("[data-verdict]"), answers = document.querySelector("[data-answers]");
    if (!box || !answers || !/^[0-9a-f]{64}$/.test(said)) { return; }
    var known = answers.content.querySelector('[data-digest="' + said + '"]');
    if (known) {
      tell(box, known.getAttribute("data-kind"), known.textContent);
    } else {
      tell(box, "bad", answers.getAttribute("data-unknown"));
    }
  }

  function tell(box, kind, text) {
    box.className = "verdict " + kind;
    box.textContent = text;
    box.hidden = false;
  }

  document.querySelectorAll("[data-filter]").forEach(filter);
  document.querySelectorAll("[data-sheet]").forEach(function () {
    verify();
    window.addEventListener("hashchange", verify);
  });
}());
