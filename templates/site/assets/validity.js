/* 这张公告还有效吗: holds a typed code against the list in the page itself, so it also works from a disk. */
(function () {
  "use strict";

  var ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", CHECKS = ALPHABET + "*~$=U";
  var root = document.querySelector("[data-check]"), rows = document.querySelectorAll("tr[data-code]");
  if (!root) { return; }
  var input = root.querySelector("input"), box = root.querySelector("[data-verdict]");

  function typed(text) {
    var plain = text.normalize("NFKC").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
    return Array.from(plain).filter(function (c) { return CHECKS.indexOf(c) >= 0; }).join("");
  }

  function numbered(text) {
    var plain = text.normalize("NFKC").replace(/\s/g, "").replace(/[\[(【]/, "〔").replace(/[\])】]第?/, "〕");
    return /〕\d+$/.test(plain) ? plain + "号" : plain;
  }

  function wellTyped(code) {
    var rest = 0;
    if (code.length !== 21) { return false; }
    for (var i = 0; i < 20; i++) {
      var value = ALPHABET.indexOf(code.charAt(i));
      if (value < 0) { return false; }
      rest = (rest * 32 + value) % 37;
    }
    return CHECKS.charAt(rest) === code.charAt(20);
  }

  function matching(text) {
    var digest = text.slice(text.lastIndexOf("#") + 1).toLowerCase(), whole = /^[0-9a-f]{64}$/.test(digest);
    var code = typed(text), number = numbered(text);
    var found = Array.prototype.filter.call(rows, function (row) {
      if (whole) { return row.getAttribute("data-digest") === digest; }
      var own = row.getAttribute("data-code").replace(/-/g, "");
      return code === own || (code.length === 20 && own.indexOf(code) === 0);
    });
    var proves = found.length > 0;
    if (!proves && number) {
      found = Array.prototype.filter.call(rows, function (row) {
        return row.getAttribute("data-numbers").split(" ").indexOf(number) >= 0;
      });
    }
    return { found: found, proves: proves, whole: whole, code: code, number: number };
  }

  function check() {
    var text = input.value.trim(), hit = matching(text);
    rows.forEach(function (row) { row.hidden = text !== "" && hit.found.length > 0 && hit.found.indexOf(row) < 0; });
    if (hit.found.length > 1) {
      tell("old", root.getAttribute("data-several"));
    } else if (hit.found.length) {
      var row = hit.found[0], title = row.querySelector("th").textContent + "——";
      if (hit.proves) {
        tell(row.getAttribute("data-kind"), title + row.getAttribute("data-answer"));
      } else {
        tell("old", title + row.getAttribute("data-state") + "。" + root.getAttribute("data-numbered"));
      }
    } else if (hit.whole || wellTyped(hit.code)) {
      tell("bad", root.getAttribute("data-unknown"));
    } else if (/〔\d{4}〕\d+号$/.test(hit.number)) {
      tell("bad", root.getAttribute("data-nonumber"));
    } else if (hit.code.length >= 20 && !/[\u4e00-\u9fff]/.test(text)) {
      tell("old", root.getAttribute("data-mistyped"));
    } else {
      box.hidden = true;
    }
  }

  function tell(kind, text) {
    box.className = "verdict " + kind;
    box.textContent = text;
    box.hidden = false;
  }

  function fromAddress() {
    var said = location.hash.slice(1);
    if (said) {
      try { input.value = decodeURIComponent(said); } catch (broken) { input.value = said; }
      check();
    }
  }

  root.hidden = false;
  input.addEventListener("input", check);
  window.addEventListener("hashchange", fromAddress);
  fromAddress();
}());
