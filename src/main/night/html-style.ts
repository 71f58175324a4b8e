/** Quiet, neutral grey around pictures, figures in columns; dark or light as the reader's system is, black on white in print. */
export const REPORT_STYLE = `
:root{color-scheme:dark light;--ground:#151517;--raised:#1d1d20;--mount:#26262a;--line:#34343a;--text:#e2e2e6;--quiet:#a3a3ad;--clean:#7fc8a9;--bad:#f5937f;--review:#e8c268;--other:#9aa1b5;--band:#ffffff0c;--gap:#ffffff14;--link:#9cc3f5}
@media (prefers-color-scheme:light){:root{--ground:#fbfbfa;--raised:#f2f2f0;--mount:#e6e6e3;--line:#d5d5d0;--text:#1a1a1c;--quiet:#5c5c63;--clean:#13714b;--bad:#b02a1c;--review:#7d5900;--other:#565d70;--band:#0000000d;--gap:#00000014;--link:#1f5a9e}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0 auto;max-width:1800px;padding:28px clamp(16px,3vw,48px) 64px;background:var(--ground);color:var(--text);font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:26px;line-height:1.2;margin:0 0 4px;font-weight:600;overflow-wrap:anywhere}
h2{font-size:18px;font-weight:600;margin:44px 0 12px;overflow-wrap:anywhere}h3{font-size:14px;font-weight:600;margin:24px 0 8px}
h2 small,.tile i,dd small,.kept small,.lead small,nav small{color:var(--quiet);font-weight:400;font-size:.8em}
p{margin:6px 0;max-width:110ch}.quiet{color:var(--quiet)}a{color:var(--link);text-underline-offset:2px}
.brand{color:var(--quiet);font-size:12px;letter-spacing:.02em;margin:0}
nav{display:flex;flex-wrap:wrap;gap:6px 18px;margin-top:12px}nav a{overflow-wrap:anywhere}
.summary{margin-top:20px}.lead{font-size:20px;margin:0}.lead b{font-weight:600}
.tiles{display:flex;gap:10px;flex-wrap:wrap;margin-top:14px}
.tile{background:var(--raised);border-radius:4px;padding:10px 18px 10px 14px;min-width:140px;display:grid}
.tile b{font-size:24px;font-weight:600;line-height:1.25}.tile i{font-style:normal}
.c-clean{color:var(--clean)}.c-contaminated{color:var(--bad)}.c-review{color:var(--review)}.c-not-light,.c-unreadable{color:var(--other)}
.glyph{width:.8em;height:.8em;vertical-align:-.04em;overflow:visible}.swatch{width:24px;height:12px;vertical-align:-1px}
.m-clean{fill:var(--clean)}.m-review{fill:var(--review)}.m-contaminated{stroke:var(--bad);stroke-width:2;fill:none;stroke-linecap:round;stroke-linejoin:round}.m-not-light,.m-unreadable{stroke:var(--other);stroke-width:2}
.scroll{overflow-x:auto}table{border-collapse:collapse}th{font-weight:500;text-align:left}thead th{color:var(--quiet);font-size:12.5px;vertical-align:bottom}
.kept{width:100%}.kept th,.kept td{padding:5px 16px 5px 0;white-space:nowrap;text-align:left;vertical-align:middle}.kept tbody tr,.kept tfoot tr{border-top:1px solid var(--line)}
.kept .wide{width:42%;min-width:160px}.kept .causes{white-space:normal;min-width:220px}.causes span{white-space:nowrap}.kept tbody th{min-width:9ch;white-space:normal;overflow-wrap:anywhere}.kept tfoot{font-weight:600}
.bars{display:flex;height:18px;gap:2px}.bars i{flex:0 1 0;min-width:3px}
.b-clean{background:var(--clean)}.b-review{background:repeating-linear-gradient(135deg,var(--review) 0 4px,transparent 4px 6px),color-mix(in srgb,var(--review) 55%,transparent)}.b-contaminated{background:var(--bad)}.b-contaminated+.b-contaminated{opacity:.78}.b-contaminated+.b-contaminated+.b-contaminated{opacity:.6}.b-contaminated+.b-contaminated+.b-contaminated+.b-contaminated{opacity:.45}
.group{border-top:1px solid var(--line);margin-top:44px}.group>h2{margin-top:20px}
.plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(540px,100%),1fr));gap:8px}.plots.wide{grid-template-columns:1fr}
.plot{display:block;width:100%;height:auto;background:var(--raised);border-radius:4px}
.plot .name{fill:var(--text);font-size:12px;font-weight:600}.plot .tick{fill:var(--quiet);font-size:10.5px}.plot .grid{stroke:var(--line);stroke-width:1;fill:none}
.band{fill:var(--band)}.gap{fill:var(--gap)}.median{stroke:var(--quiet);stroke-dasharray:2 3;fill:none}.limit{stroke:var(--bad);stroke-dasharray:7 4;fill:none;stroke-width:1.2}
.dots{stroke:var(--clean);stroke-width:3.4;stroke-linecap:round;stroke-opacity:.75;fill:none}
.plot a{cursor:pointer}.plot a:hover>*,.plot a:focus>*{stroke:var(--text);stroke-width:2.4}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;color:var(--quiet);font-size:12.5px;margin:8px 0 0;max-width:none}
.worth .side{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(540px,100%),1fr));gap:8px 28px;align-items:start}.worth .side>*{min-width:0}.worth .side>div:first-child{max-width:760px}
.average{stroke:var(--text);stroke-width:2;fill:none}.weighted{stroke:var(--link);stroke-width:2;stroke-dasharray:6 3;fill:none}.best{fill:var(--raised);stroke:var(--text);stroke-width:2}.best.weighted{stroke:var(--link);stroke-dasharray:none}
.z-clean rect{fill:var(--clean)}.z-review rect{fill:var(--review)}.z-contaminated rect{fill:var(--bad)}.zone rect{fill-opacity:.09}
.figures th,.figures td{padding:5px 18px 5px 0;text-align:right}.figures th:first-child{text-align:left;min-width:12em}.figures td{white-space:nowrap}.figures tbody tr{border-top:1px solid var(--line)}
.strip{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(340px,100%),1fr));gap:14px;align-items:start}
.card{margin:0;background:var(--raised);border-radius:4px;overflow:hidden;scroll-margin:12px}
.card:target{grid-column:1/-1;outline:2px solid var(--link)}
.shot{display:block;position:relative;background:var(--mount)}.shot img{display:block;width:100%;height:auto}
.shot svg{position:absolute;inset:0;width:100%;height:100%;transition:opacity .15s}.shot:hover svg{opacity:0}
.stars{position:absolute;right:8px;bottom:8px;display:flex;gap:6px}.stars span{display:grid;background:#000a;color:#fff;font-size:10.5px;line-height:1.5;text-align:center;border:1px solid #fff5}.stars img{width:88px;height:88px;image-rendering:pixelated}
.edge,.end{fill:none;stroke-width:1.5;vector-effect:non-scaling-stroke}.lost .cells{fill:#f5937f2e}.lost .edge{stroke:#ff9d8a}.bright .cells{fill:#8fc3ff24}.bright .edge{stroke:#9ccbff}
.trail,.end{fill:none;stroke:#ffd978;stroke-width:1.5;vector-effect:non-scaling-stroke}.trail{stroke-dasharray:7 5}
figcaption{padding:10px 12px 12px;font-size:13px}figcaption p{margin:0;max-width:none}.head{display:flex;flex-wrap:wrap;gap:0 12px;align-items:baseline}.head b{font-weight:600}.head .time{margin-left:auto}
.card .path{font-size:12px;overflow-wrap:anywhere}.card .path a{color:var(--quiet);text-decoration:none}.card .path a:hover{text-decoration:underline}
figcaption ul{margin:6px 0 0;padding-left:18px}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(46px,1fr));gap:4px 6px;margin:10px 0 0;line-height:1.35}dt{color:var(--quiet);font-size:11px;line-height:1.3;white-space:nowrap}dd{margin:0}dd small{display:block}.named dd{font-weight:700}
summary{cursor:pointer;color:var(--quiet);padding:4px 0}.show label{margin-left:14px}
.all{width:100%;font-size:12.5px}.all th,.all td{padding:4px 14px 4px 0;vertical-align:top;text-align:left}.all tr{border-top:1px solid var(--line)}.all thead tr{border:0}
.all .n{text-align:right;white-space:nowrap}.all .verdict{white-space:nowrap}.all .path{min-width:16em;max-width:44em;overflow-wrap:anywhere}.all .why{min-width:24em;color:var(--quiet);overflow-wrap:anywhere}.all .group th{padding-top:18px;font-weight:600;overflow-wrap:anywhere}
.all tr:target{background:var(--mount)}.all a{color:inherit;text-decoration-color:var(--line)}
body:has(#show-flagged:checked) .r-clean,body:has(#show-clean:checked) :is(.r-review,.r-contaminated){display:none}
@media print{:root{color-scheme:light;--ground:#fff;--raised:#fff;--mount:#fff;--text:#000;--quiet:#444;--line:#bbb;--clean:#13714b;--bad:#b02a1c;--review:#7d5900;--other:#444;--band:#0000000d;--gap:#00000014;--link:#000}
body{padding:0;font-size:10pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}.plot,.card,.tile{border:1px solid var(--line);break-inside:avoid}.card:target{grid-column:auto;outline:0}.plots{grid-template-columns:1fr 1fr}.strip{grid-template-columns:1fr 1fr 1fr}.show,nav{display:none}h2,h3{break-after:avoid}.scroll{overflow:visible}.all .path,.all .why{min-width:0}}
`;
