/** Light and dark, screen and paper. No font, image or script from anywhere. */
export const reportStyle = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1a1f29;--dim:#5b6576;--line:#d9dee7;--soft:#f4f6f9;--accent:#2563c9;
--P0:#a30f2d;--P1:#c2410c;--P2:#a16207;--P3:#47617e;--ok:#1b7f4d}
@media(prefers-color-scheme:dark){:root{--bg:#11151c;--fg:#e6eaf1;--dim:#98a3b5;--line:#2b3442;--soft:#1a202a;--accent:#6ea8fe;
--P0:#ff6b81;--P1:#ff9457;--P2:#e8b84a;--P3:#93aecb;--ok:#5bcf95}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main{max-width:1020px;margin:0 auto;padding:28px 24px 60px}
h1{font-size:24px;line-height:1.3;margin:10px 0 6px;overflow-wrap:anywhere}
h2{font-size:17px;margin:34px 0 10px;padding-bottom:5px;border-bottom:1px solid var(--line)}
h3{font-size:15px;margin:0 0 6px;overflow-wrap:anywhere}
p{margin:4px 0}
.how,.meta{color:var(--dim);font-size:13.5px}
code,pre{font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,"Liberation Mono",monospace;overflow-wrap:anywhere;white-space:pre-wrap}
pre{background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:9px 11px;margin:6px 0}
.pill{display:inline-block;border-radius:999px;padding:2px 11px;font-size:13px;font-weight:600;color:var(--bg);background:var(--ok)}
.P0 .pill,.pill.P0{background:var(--P0)}.P1 .pill,.pill.P1{background:var(--P1)}.P2 .pill,.pill.P2{background:var(--P2)}.P3 .pill,.pill.P3{background:var(--P3)}.unknown .pill{background:var(--P2)}
header{border-left:6px solid var(--ok);padding:2px 0 2px 18px}
header.P0{border-color:var(--P0)}header.P1{border-color:var(--P1)}header.P2,header.unknown{border-color:var(--P2)}
.bar{display:flex;height:26px;border-radius:6px;overflow:hidden;border:1px solid var(--line)}
.bar span{display:block;min-width:2px}
.waiting{background:var(--P1)}.active{background:var(--accent)}.idle-in-transaction,.idle-in-transaction-aborted{background:var(--P2)}
.idle{background:#8f9db0}.other{background:#b9a6d8}.free{background:var(--soft)}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:8px 0 0;padding:0;list-style:none;font-size:13.5px}
.legend i{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:6px;border:1px solid var(--line)}
.tree,.tree ul{list-style:none;margin:0;padding-left:0}
.tree ul{padding-left:26px;position:relative}
.tree li{position:relative;padding-top:7px}
.tree ul>li::before{content:"";position:absolute;left:-15px;top:0;bottom:0;border-left:2px solid var(--line)}
.tree ul>li:last-child::before{bottom:auto;height:26px}
.tree ul>li::after{content:"";position:absolute;left:-15px;top:26px;width:15px;border-top:2px solid var(--line)}
.node{border:1px solid var(--line);border-left:4px solid var(--dim);border-radius:6px;padding:6px 11px;background:var(--soft);overflow-wrap:anywhere;break-inside:avoid}
.node.root{border-left-color:var(--P1)}.node.queue{border-left-color:var(--P2)}.node.rest{background:none;border-style:dashed;color:var(--dim)}
.node p{margin:0}.badge{font-size:12.5px;font-weight:600;color:var(--P1);white-space:nowrap}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:14px}
.chart{margin:0;border:1px solid var(--line);border-radius:8px;padding:9px 12px;break-inside:avoid}
.chart figcaption{font-size:13.5px}.chart figcaption span{color:var(--dim)}.chart figcaption b{float:right}
.chart svg{width:100%;height:auto;display:block}
.chart .line{fill:none;stroke:var(--accent);stroke-width:2}.chart .area{fill:var(--accent);opacity:.12}
.chart .now{fill:var(--accent)}.chart .limit{stroke:var(--P0);stroke-dasharray:5 4}.chart .day{stroke:var(--dim);stroke-dasharray:2 4}
.chart text{fill:var(--dim);font-size:11px}
.finding{border:1px solid var(--line);border-left:5px solid var(--P3);border-radius:8px;padding:13px 16px;margin:12px 0}
.finding.P0{border-left-color:var(--P0)}.finding.P1{border-left-color:var(--P1)}.finding.P2{border-left-color:var(--P2)}
.finding h4{font-size:13px;margin:12px 0 3px;color:var(--dim);text-transform:uppercase;letter-spacing:.04em}
.finding ul{margin:2px 0;padding-left:19px;overflow-wrap:anywhere}
.finding.symptom{margin-left:30px}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th,td{text-align:left;padding:5px 10px 5px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
th{color:var(--dim);font-weight:600}td.n,th.n{text-align:right;white-space:nowrap}
ol.path{margin:0;padding:0;list-style:none}
ol.path li{display:flex;flex-wrap:wrap;gap:2px 14px;padding:5px 0;border-bottom:1px solid var(--line)}
ol.path b{flex:0 0 260px;font-weight:600}ol.path span{flex:1 1 300px;overflow-wrap:anywhere}
details summary{cursor:pointer;color:var(--dim)}
footer{margin-top:36px;color:var(--dim);font-size:13px}
@media print{body{font-size:12px}main{padding:0;max-width:none}details{display:none}}
`;
