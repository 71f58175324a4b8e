/**
 * The arrows between rooms: all that there are. Imports go down or sideways to src/shared, never up. A file that breaks
 * a rule fails `npm run check`; test/rules proves that each rule bites.
 */
const room = (names) => `^src/main/(${names})/`;
const ROOMS = "formats|measure|inference|engine|verdict|night|simulate|storage|learning|cluster|electron";

/** What each room may import besides itself, src/shared and packages. */
const ARROWS = {
  formats: "",
  measure: "",
  inference: "measure",
  engine: "formats|measure|inference",
  verdict: "",
  night: "engine|verdict|storage",
  simulate: "formats",
  storage: "",
  learning: "storage|verdict|inference",
  cluster: "learning",
  electron: "",
};

const roomRules = Object.entries(ARROWS).map(([name, allowed]) => ({
  name: `room-${name}`,
  severity: "error",
  comment: `src/main/${name} imports only itself, src/shared${allowed ? `, ${allowed.replaceAll("|", ", ")}` : ""}.`,
  from: { path: room(name), pathNot: "\\.test\\.ts$" },
  to: { path: "^src/", pathNot: ["^src/shared/", room(allowed ? `${name}|${allowed}` : name), "^src/main/webassembly"] },
}));

const only = (name, packagePattern, fromPathNot) => ({
  name,
  severity: "error",
  from: { path: "^src/", pathNot: [fromPathNot, "\\.test\\.tsx?$"] },
  to: { path: packagePattern },
});

module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    { name: "shared-stands-alone", severity: "error", from: { path: "^src/shared/" }, to: { path: "^src/(?!shared/)" } },
    {
      name: "no-node-in-shared",
      severity: "error",
      from: { path: "^src/(shared|renderer)/", pathNot: "\\.test\\.tsx?$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "renderer-knows-only-shared",
      severity: "error",
      from: { path: "^src/renderer/" },
      to: { path: "^src/(main|preload)/" },
    },
    { name: "preload-knows-only-shared", severity: "error", from: { path: "^src/preload/" }, to: { path: "^src/(main|renderer)/" } },
    {
      name: "renderer-components-are-leaves",
      severity: "error",
      comment: "components and theme are used by features and use nothing of them",
      from: { path: "^src/renderer/src/(components|theme)/" },
      to: { path: "^src/renderer/src/(features|stores|bridge)" },
    },
    {
      name: "stores-know-no-features",
      severity: "error",
      from: { path: "^src/renderer/src/(stores|bridge)" },
      to: { path: "^src/renderer/src/(features|components)/" },
    },
    {
      name: "only-bridge-knows-contract-transport",
      severity: "error",
      from: { path: "^src/renderer/src/(features|components|theme)/" },
      to: { path: "^src/renderer/src/bridge" },
    },
    {
      name: "services-is-the-only-door",
      severity: "error",
      comment: "entries see rooms only through services",
      from: { path: "^src/main/(index|cli)\\.ts$|^src/main/cli/" },
      to: { path: room(ROOMS), pathNot: ["^src/main/electron/", "^src/main/cli/"] },
    },
    {
      name: "electron-only-at-the-edge",
      severity: "error",
      from: { path: "^src/", pathNot: ["^src/main/index\\.ts$", "^src/main/electron/", "^src/preload/", "\\.test\\.ts$"] },
      to: { path: ["^electron$", "(^|/)node_modules/electron/"] },
    },
    only("sharp-only-at-the-small-end", "(^|/)node_modules/(sharp|@img)/|^sharp$", "^src/main/(formats/raster|engine/)"),
    only("onnx-only-in-inference", "(^|/)node_modules/onnxruntime-node/", "^src/main/(inference|learning)/"),
    only("kubernetes-only-in-cluster", "(^|/)node_modules/@kubernetes/", "^src/main/cluster/"),
    {
      name: "no-unresolvable",
      severity: "error",
      from: { path: "^src/", pathNot: "\\.test\\.tsx?$" },
      to: { couldNotResolve: true, pathNot: "^electron$" },
    },
    ...roomRules,
  ],
  options: {
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    exclude: { path: "kernels/assembly/|\\.css$|\\.(svg|png)$" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs", ".json"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
