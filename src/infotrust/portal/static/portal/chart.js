/* Draws the chart of an answer. Without this script the table and the summary stand alone, and no empty box is seen. */
(function () {
  "use strict";
  var figure = document.querySelector("[data-chart]");
  var source = document.getElementById("chart-spec");
  if (!figure || !source || typeof vegaEmbed !== "function") return;
  var spec = JSON.parse(source.textContent);
  var place = figure.querySelector("[data-chart-place]");
  figure.hidden = false;
  /* Labels are broken for narrow screens; a wide one has room for a line. */
  if (place.clientWidth > 640) {
    spec.data.values.forEach(function (one) { one.group = one.group.replace(/\n/g, " "); });
  }
  /* Room for the words at the end of the longest bar. */
  var longest = spec.data.values.reduce(function (most, one) {
    return Math.max(most, String(one.count).length + (one.part ? one.part.length + 2 : 0));
  }, 0);
  var room = Math.min(longest * 8 + 16, place.clientWidth * 0.45);
  spec.encoding.x.scale.range = [0, { expr: "max(40, width - " + room + ")" }];
  vegaEmbed(place, spec, {
    mode: "vega-lite",
    ast: true, /* no eval: the page's content security policy forbids it */
    actions: false,
    defaultStyle: false,
    tooltip: false,
    logLevel: 1, /* errors only */
    renderer: "svg"
  }).catch(function () {
    figure.hidden = true;
  });
})();
