/* Search in the pages of this site.  The index came with classic scripts, so it also works from a disk. */
(function () {
  "use strict";

  var input = document.getElementById("q"), found = document.getElementById("found"), results = document.getElementById("results");
  var MOST = 100;

  function terms(text) {
    var list = [];
    (fold(text).match(/[㐀-鿿豈-﫿]+|[\ud840-\udbff\udc00-\udfff]+|[a-z0-9]+/g) || []).forEach(function (run) {
      if (run.charAt(0) <= "z") { list.push({ text: run, word: true }); return; }
      var characters = Array.from(run);
      if (characters.length === 1) { list.push({ text: run, single: true }); return; }
      for (var i = 0; i + 1 < characters.length; i++) { list.push({ text: characters[i] + characters[i + 1] }); }
    });
    return list;
  }

  function fold(text) {
    return text.normalize("NFKC").toLowerCase();
  }

  function decode(line) {
    var number = 0, numbers = {};
    line.split(" ").forEach(function (part) { number += parseInt(part, 36); numbers[number] = true; });
    return numbers;
  }

  function matching(index, term) {
    if (!term.word && !term.single) { return index[term.text] ? decode(index[term.text]) : {}; }
    var all = {};
    Object.keys(index).forEach(function (key) {
      var hit = term.word ? key.indexOf(term.text) === 0 : key.indexOf(term.text) >= 0;
      if (hit) { Object.assign(all, decode(index[key])); }
    });
    return all;
  }

  function search(query) {
    var wanted = terms(query), whole = fold(query).trim(), hits = [];
    if (!wanted.length) { return hits; }
    (self.SP || []).forEach(function (part) {
      var documents = part[0], index = part[1];
      var sets = wanted.map(function (term) { return matching(index, term); });
      Object.keys(sets[0]).forEach(function (key) {
        if (sets.every(function (set) { return set[key]; })) {
          var document = documents[key];
          hits.push({ document: document, rank: fold(document[1]).indexOf(whole) >= 0 ? 0 : 1 });
        }
      });
    });
    hits.sort(function (a, b) { return a.rank - b.rank; });
    return hits;
  }

  function show(query) {
    results.textContent = "";
    if (!query.trim()) { found.textContent = ""; return; }
    var hits = search(query);
    found.textContent = hits.length ? "找到 " + hits.length + " 件" + (hits.length > MOST ? "，列出前 " + MOST + " 件" : "") : "没有找到。可以换一个词，或者按类别浏览。";
    hits.slice(0, MOST).forEach(function (hit) {
      var item = document.createElement("li"), head = document.createElement("h2");
      var link = document.createElement("a"), about = document.createElement("p");
      item.className = "entry";
      link.href = hit.document[0];
      link.textContent = hit.document[1];
      about.className = "meta";
      about.textContent = hit.document[2];
      head.appendChild(link);
      item.appendChild(head);
      item.appendChild(about);
      results.appendChild(item);
    });
  }

  var asked = /[?&]q=([^&]*)/.exec(location.search);
  if (asked) {
    try { input.value = decodeURIComponent(asked[1].replace(/\+/g, " ")); } catch (broken) { input.value = ""; }
    show(input.value);
  }
  input.addEventListener("input", function () { show(input.value); });
}());
