/** Dark and quiet, neutral grey around pictures, figures in columns; no network, no scripts. */
export const REPORT_STYLE = `
:root{color-scheme:dark;--ground:#151517;--raised:#1e1e21;--line:#333338;--text:#dcdce0;--quiet:#9a9aa2;--clean:#7fc8a9;--bad:#f08a7a;--review:#e8c268;--other:#8d93a5}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1200px;padding:24px;background:var(--ground);color:var(--text);font:14px/1.45 system-ui,sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:22px;margin:0;font-weight:600}h2{font-size:15px;font-weight:600;margin:32px 0 10px}h2 small{color:var(--quiet);font-weight:400}
.quiet{color:var(--quiet);margin:4px 0}
.tiles{display:flex;gap:12px;flex-wrap:wrap;margin-top:18px}
.tile{background:var(--raised);border-left:3px solid currentColor;padding:10px 16px;min-width:150px;display:grid}
.tile b{font-size:26px;font-weight:600;line-height:1.1}.tile span,.tile i{color:var(--text);font-style:normal}.tile i{color:var(--quiet)}
.v-clean{color:var(--clean)}.v-contaminated{color:var(--bad)}.v-review{color:var(--review)}.v-not-light,.v-unreadable{color:var(--other)}
table{border-collapse:collapse;width:100%}
.kept th{text-align:left;font-weight:400;width:90px;padding:3px 8px 3px 0}.bars{display:flex;padding:3px 0}
.bar{display:inline-block;height:22px;line-height:22px;padding:0 6px;overflow:hidden;white-space:nowrap;font-size:12px;color:#111;border-right:2px solid var(--ground)}
.bar.v-clean{background:var(--clean)}.bar.v-contaminated{background:var(--bad)}.bar.v-review{background:var(--review)}
.plot{display:block;width:100%;background:var(--raised);margin-bottom:6px}
.plot .name{fill:var(--text);font-size:12px}.plot .tick{fill:var(--quiet);font-size:10px}.plot .grid{stroke:var(--line)}
.plot .band{fill:#ffffff0d}.plot .median{stroke:#ffffff55;stroke-dasharray:4 4}
circle.v-clean{fill:var(--clean)}path.v-review{fill:var(--review)}path.v-contaminated{stroke:var(--bad);stroke-width:2;fill:none}
.strip{display:grid;grid-template-columns:repeat(auto-fill,minmax(340px,1fr));gap:16px}
figure{margin:0;background:#26262a;padding:10px}
.shot{position:relative;background:#808080}.shot img{display:block;width:100%;height:auto}
.shot svg{position:absolute;inset:0;width:100%;height:100%}
.cell{fill:#f08a7a2b;stroke:var(--bad);stroke-width:1.5;vector-effect:non-scaling-stroke}
.trail{stroke:var(--review);stroke-width:2;stroke-dasharray:6 4;vector-effect:non-scaling-stroke}
figcaption{margin-top:8px;font-size:12.5px;overflow-wrap:anywhere}figcaption ul{margin:4px 0 0;padding-left:18px;color:var(--quiet)}
.all{font-size:12.5px}.all th{text-align:left;color:var(--quiet);font-weight:500;padding:4px 10px 4px 0;border-bottom:1px solid var(--line);position:sticky;top:0;background:var(--ground)}
.all td{padding:3px 10px 3px 0;border-bottom:1px solid #24242880;vertical-align:top;overflow-wrap:anywhere}.all .n{text-align:right;white-space:nowrap}.all .why{color:var(--quiet)}
@media print{:root{color-scheme:light;--ground:#fff;--raised:#f4f4f4;--text:#111;--quiet:#555;--line:#ccc;--clean:#1d7a55;--bad:#b3261e;--review:#8a6100;--other:#555}}
`;
