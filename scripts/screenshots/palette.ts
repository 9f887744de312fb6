import { crc32, deflateSync, inflateSync } from "node:zlib";

/** 8 bits a pixel: pictures of an editor have few colours that matter, and the files become half as large. */
const PALETTE_SIZE = 256;
const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");

type Pixels = { readonly width: number; readonly height: number; readonly colors: Uint32Array };

/**
 * Writes a PNG (8 bits a channel, RGB or RGBA without transparency, not interlaced) anew with a palette of 256 of its
 * colours; every other pixel takes the nearest of them.
 * Source: https://www.w3.org/TR/png-3/
 */
export function withPalette(png: Buffer): Buffer {
  const { width, height, colors } = decode(png);
  const counts = new Map<number, number>();
  for (const color of colors) counts.set(color, (counts.get(color) ?? 0) + 1);
  const frequent = [...counts].toSorted(([, a], [, b]) => b - a);
  const palette = choose(frequent.map(([color]) => color));
  const indexOf = new Map(palette.map((color, index) => [color, index]));
  for (const color of counts.keys()) indexOf.set(color, indexOf.get(color) ?? nearest(palette, color));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      rows[y * (width + 1) + 1 + x] = indexOf.get(colors[y * width + x] ?? 0) ?? 0;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette.flatMap(channels))),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** The most frequent colours, and among the rest first one of each shade, so that a small icon keeps its colour. */
function choose(frequent: readonly number[]): readonly number[] {
  const shades = new Map<number, number>();
  for (const color of frequent) {
    const shade = color & 0xe0e0e0;
    if (!shades.has(shade)) shades.set(shade, color);
  }
  return [...new Set([...frequent.slice(0, 64), ...shades.values(), ...frequent])].slice(0, PALETTE_SIZE);
}

const channels = (color: number): readonly [number, number, number] => [
  (color >> 16) & 255,
  (color >> 8) & 255,
  color & 255,
];

function nearest(palette: readonly number[], color: number): number {
  const [r, g, b] = channels(color);
  const distances = palette.map((one) => {
    const [red, green, blue] = channels(one);
    return (red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2;
  });
  return distances.indexOf(Math.min(...distances));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function decode(png: Buffer): Pixels {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const [depth, type, interlace] = [png[24], png[25], png[28]];
  if (depth !== 8 || (type !== 2 && type !== 6) || interlace !== 0) throw new Error("Another kind of PNG.");
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") {
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
    }
  }
  const size = type === 6 ? 4 : 3;
  const bytes = unfilter(inflateSync(Buffer.concat(parts)), width * size, height, size);
  const colors = new Uint32Array(width * height);
  for (let pixel = 0; pixel < colors.length; pixel += 1) colors[pixel] = bytes.readUIntBE(pixel * size, 3);
  return { width, height, colors };
}

/** Undoes the filter that each row names in its first byte. */
function unfilter(data: Buffer, stride: number, height: number, size: number): Buffer {
  const out = Buffer.alloc(stride * height);
  const at = (y: number, x: number): number => (y < 0 || x < 0 ? 0 : (out[y * stride + x] ?? 0));
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const [left, up, corner] = [at(y, x - size), at(y - 1, x), at(y - 1, x - size)];
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0;
      out[y * stride + x] = ((data[y * (stride + 1) + 1 + x] ?? 0) + guess) & 255;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
