namespace Bijectors.Cli;

/// <summary>How the report looks, in light and dark.</summary>
internal static class ReportStyle
{
    public const string Css =
        """
        :root {
          color-scheme: light dark;
          --ground: #fbfbfa; --card: #ffffff; --ink: #1c1d20; --soft: #5a5d64; --line: #e3e4e6; --accent: #2559c7;
          --series-0: #2559c7; --series-1: #c8501e; --series-2: #1b8a5a; --series-3: #8a3fb0;
          --series-4: #a98206; --series-5: #0f8aa0; --series-6: #b8336a; --series-7: #5b6270;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #131417; --card: #1b1d21; --ink: #e8e9ec; --soft: #a3a7b0; --line: #2e3138; --accent: #86aaff;
            --series-0: #86aaff; --series-1: #ff9a66; --series-2: #58cf9b; --series-3: #cf92f2;
            --series-4: #e6c24a; --series-5: #5fcfe3; --series-6: #ff86b3; --series-7: #a9b0bd;
          }
        }
        * { box-sizing: border-box; }
        body {
          max-width: 1200px; margin: 0 auto; padding: 40px 24px 64px;
          background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
        }
        html { background: var(--ground); }
        h1 { font-size: 28px; line-height: 1.2; margin: 0 0 8px; letter-spacing: -0.01em; }
        h2 { font-size: 18px; margin: 0 0 16px; } h3 { font-size: 15px; margin: 24px 0 6px; }
        a { color: var(--accent); }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
        main:focus { outline: none; }
        .skip { position: absolute; left: -9999px; }
        .skip:focus { left: 24px; top: 8px; padding: 4px 10px; background: var(--card); }
        nav ul { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; margin: 0 0 24px; padding: 0; }
        .lead { color: var(--soft); margin: 0 0 16px; max-width: 76ch; }
        .soft { font-size: 13px; color: var(--soft); margin: 12px 0 0; }
        .note { border-left: 3px solid var(--accent); padding: 4px 12px; }
        section {
          background: var(--card); border: 1px solid var(--line); border-radius: 12px;
          padding: 20px 24px; margin: 0 0 20px; scroll-margin-top: 12px;
        }
        .scroll { overflow-x: auto; overflow-wrap: normal; }
        table { border-collapse: collapse; width: 100%; font-size: 13.5px; font-variant-numeric: tabular-nums; }
        caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        th { font-weight: 500; } thead th { color: var(--soft); }
        th, td { text-align: right; padding: 8px; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th:first-child { text-align: left; padding-left: 0; }
        th small {
          display: block; white-space: normal; max-width: 22ch; font-size: 12px; color: var(--soft); font-weight: 400;
        }
        .best th, .best small, .best td:nth-child(3) { font-weight: 650; color: var(--accent); }
        .baseline th, .baseline td { color: var(--soft); border-bottom: 0; }
        section > ul { font-size: 14px; margin: 14px 0 0; padding-left: 20px; }
        dl {
          font-size: 13px; color: var(--soft); margin: 16px 0 0;
          display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px;
        }
        dt { font-weight: 600; } dd { margin: 0; }
        .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(380px, 100%), 1fr)); gap: 16px; }
        .pair > * { min-width: 0; }
        .chart { width: 100%; max-width: 640px; height: auto; }
        .chart text { fill: var(--soft); font-size: 13px; }
        .chart .end { text-anchor: end; } .chart .middle { text-anchor: middle; }
        .chart polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
        .chart circle { stroke: var(--card); stroke-width: 1.5; }
        .legend {
          display: flex; flex-wrap: wrap; gap: 2px 18px; list-style: none; margin: 0; padding: 0;
          font-size: 13px; color: var(--soft);
        }
        .legend li { display: flex; align-items: center; gap: 6px; }
        .legend svg { width: 24px; height: 6px; flex: none; } .legend line { stroke-width: 2.5; }
        .chart .grid { stroke: var(--line); }
        .reference { stroke: var(--soft); stroke-dasharray: 5 4; }
        .chart .level { stroke: var(--soft); stroke-dasharray: 5 4; }
        .bands .data rect { fill: var(--series-7); } .bands .model rect { fill: var(--series-0); }
        .bands .data line, .bands .model line { stroke: var(--ink); stroke-width: 2; }
        .heat { width: auto; margin: 0 0 14px; font-size: 12px; }
        .heat caption {
          position: static; width: auto; height: auto; clip-path: none; text-align: left; padding: 4px 0;
        }
        .heat th, .heat td { padding: 2px 6px; border: 1px solid var(--card); }
        .heat td { background: color-mix(in srgb, var(--heat) var(--depth, 0%), transparent); }
        details { margin: 14px 0 0; } summary { cursor: pointer; font-size: 14px; margin: 0 0 10px; }
        pre { font: 12.5px/1.45 ui-monospace, monospace; margin: 0; }
        .grids { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 18px; }
        figure { margin: 0; min-width: 0; }
        figure img { width: 100%; display: block; image-rendering: pixelated; background: #fff; }
        figure img { border: 1px solid var(--line); border-radius: 8px; }
        figcaption { font-size: 14px; margin-top: 6px; color: var(--soft); }
        footer { font-size: 13px; color: var(--soft); }
        @media (max-width: 640px) {
          body { padding: 24px 12px; } section { padding: 16px 14px; }
          dl { grid-template-columns: minmax(0, 1fr); } dd { margin: 0 0 6px; }
          [role=table] thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          [role=table], [role=table] tbody, [role=table] tr { display: block; }
          [role=table] tr { padding: 0 0 10px; margin: 0 0 10px; border-bottom: 1px solid var(--line); }
          [role=table] tr:last-child { border-bottom: 0; margin: 0; }
          [role=table] tbody th { display: block; font-weight: 650; font-size: 15px; }
          [role=table] tbody th, [role=table] td { border: 0; padding: 2px 0; white-space: normal; }
          [role=table] td { display: flex; justify-content: space-between; gap: 16px; }
          [role=table] td:empty { display: none; }
          [role=table] td::before { content: attr(data-label); color: var(--soft); text-align: left; }
          th small { max-width: none; }
          .chart text { font-size: 20px; }
        }
        @media print { nav, .skip { display: none; } section { break-inside: avoid; } }
        """;
}
