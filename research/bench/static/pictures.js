// Pictures to keep: a drawing of the page as SVG or PNG, with the styles that it has here.

import { button } from "./dom.js";
import { post, say, word } from "./state.js";

const PROPERTIES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-family",
  "font-weight", "text-anchor", "opacity", "visibility", "display"];

function standalone(svg) {
  const copy = svg.cloneNode(true);
  const originals = [svg, ...svg.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((element, n) => {
    const style = getComputedStyle(originals[n]);
    for (const name of PROPERTIES) {
      const value = style.getPropertyValue(name);
      if (value) element.setAttribute(name, value);
    }
    element.removeAttribute("class");
    element.removeAttribute("tabindex");
  });
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

async function asPng({ text, width, height }) {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * width;
  canvas.height = 2 * height;
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

export function buttons(find, name) {
  const svg = () => download(new Blob([standalone(find()).text], { type: "image/svg+xml" }), `${name}.svg`);
  const png = async () => download(await asPng(standalone(find())), `${name}.png`);
  return [button(word("picture_svg"), svg, { "aria-label": `${word("picture_svg")}: ${name}` }),
    button(word("picture_png"), png, { "aria-label": `${word("picture_png")}: ${name}` })];
}

// A factor array is drawn by the bench, as it stands in the report.
export function arrayButtons(wanted, factor) {
  const fetched = (kind) => async () => {
    try {
      const response = await post("picture", { wanted: wanted(), factor, kind });
      download(await response.blob(), `factor_array_${factor}.${kind}`);
    } catch (refused) {
      say(refused.message);
    }
  };
  return ["svg", "png"].map((kind) => button(word(`picture_${kind}`), fetched(kind),
    { "aria-label": `${word(`picture_${kind}`)}: ${factor}` }));
}
