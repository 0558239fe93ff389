namespace Bijectors.Cli;

/// <summary>How the report looks, in light and dark.</summary>
internal static class ReportStyle
{
    public const string Css =
        """
        :root {
          color-scheme: light dark;
          --ground: #fbfbfa; --card: #ffffff; --ink: #1c1d20; --soft: #63666d; --line: #e3e4e6; --accent: #2559c7;
          --series-0: #2559c7; --series-1: #c8501e; --series-2: #1b8a5a; --series-3: #8a3fb0;
          --series-4: #a98206; --series-5: #0f8aa0; --series-6: #b8336a; --series-7: #5b6270;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #131417; --card: #1b1d21; --ink: #e8e9ec; --soft: #9a9ea8; --line: #2e3138; --accent: #86aaff;
            --series-0: #86aaff; --series-1: #ff9a66; --series-2: #58cf9b; --series-3: #cf92f2;
            --series-4: #e6c24a; --series-5: #5fcfe3; --series-6: #ff86b3; --series-7: #a9b0bd;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 1200px; margin: 0 auto; padding: 40px 24px 64px; }
        h1 { font-size: 28px; line-height: 1.2; margin: 0 0 8px; letter-spacing: -0.01em; }
        h2 { font-size: 18px; margin: 0 0 16px; }
        .lead { color: var(--soft); margin: 0 0 28px; max-width: 76ch; }
        .soft { font-size: 13px; color: var(--soft); margin: 12px 0 0; }
        .note { border-left: 3px solid var(--accent); padding: 4px 12px; }
        section {
          background: var(--card); border: 1px solid var(--line); border-radius: 12px;
          padding: 20px 24px; margin: 0 0 20px;
        }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: 13.5px; font-variant-numeric: tabular-nums; }
        th { color: var(--soft); font-weight: 500; }
        th, td { text-align: right; padding: 8px; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; padding-left: 0; }
        td small {
          display: block; white-space: normal; max-width: 22ch; font-size: 12px; color: var(--soft); font-weight: 400;
        }
        .best small { color: var(--accent); font-weight: 650; }
        .best td:first-child, .best td:nth-child(5) { font-weight: 650; color: var(--accent); }
        .baseline td { color: var(--soft); border-bottom: 0; }
        ul { font-size: 14px; margin: 14px 0 0; padding-left: 20px; }
        dl {
          font-size: 13px; color: var(--soft); margin: 16px 0 0;
          display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px;
        }
        dt { font-weight: 600; } dd { margin: 0; }
        .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(380px, 1fr)); gap: 16px; }
        .chart { width: 100%; height: auto; }
        .chart text { fill: var(--soft); font-size: 13px; }
        .chart .end { text-anchor: end; } .chart .middle { text-anchor: middle; }
        .chart polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
        .chart circle { stroke: var(--card); stroke-width: 1.5; }
        .legend {
          display: flex; flex-wrap: wrap; gap: 2px 18px; list-style: none; margin: 0; padding: 0;
          font-size: 13px; color: var(--soft);
        }
        .legend li { display: flex; align-items: center; gap: 6px; }
        .legend svg { width: 24px; height: 6px; } .legend line { stroke-width: 2.5; }
        .chart .grid { stroke: var(--line); }
        .chart .level { stroke: var(--soft); stroke-dasharray: 5 4; }
        .heat { align-self: start; } .heat text { font-size: 11px; }
        details { margin: 14px 0 0; } summary { cursor: pointer; font-size: 14px; margin: 0 0 10px; }
        .grids { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 18px; }
        figure { margin: 0; }
        figure img { width: 100%; display: block; image-rendering: pixelated; background: #fff; }
        figure img { border: 1px solid var(--line); border-radius: 8px; }
        figcaption { font-size: 14px; margin-top: 6px; color: var(--soft); }
        footer { font-size: 13px; color: var(--soft); }
        @media (max-width: 640px) {
          main { padding: 24px 12px; } section { padding: 16px 14px; }
          dl, .pair { grid-template-columns: minmax(0, 1fr); } dd { margin: 0 0 6px; }
          thead { display: none; }
          table, tbody, tr, td { display: block; }
          tr { padding: 0 0 10px; margin: 0 0 10px; border-bottom: 1px solid var(--line); }
          tr:last-child { border-bottom: 0; margin: 0; }
          td { display: flex; justify-content: space-between; gap: 16px; padding: 2px 0; border: 0; text-align: right; }
          td:empty { display: none; }
          td::before { content: attr(data-label); color: var(--soft); font-weight: 400; text-align: left; }
          td:first-child { display: block; text-align: left; font-weight: 650; font-size: 15px; }
          td:first-child::before { content: none; } td small { max-width: none; }
          .chart text { font-size: 20px; }
        }
        """;
}
