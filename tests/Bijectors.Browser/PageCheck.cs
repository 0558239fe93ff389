using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Bijectors.Browser;

/// <summary>What is wrong with one page in one view; all that can be opened is looked at closed and open.</summary>
internal sealed class PageCheck(Chromium browser, string path, View view, string folder)
{
    private readonly List<string> _faults = [];

    public async Task<IReadOnlyList<string>> RunAsync()
    {
        await using var context = await browser.OpenAsync(view);
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _faults.Add($"the console says: {message.Text}");
            }
        };
        page.PageError += (_, error) => _faults.Add($"a script failed: {error}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("file:", StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                _faults.Add($"it asks for {request.Url}");
            }
        };
        await page.GotoAsync(new Uri(Path.GetFullPath(path)).AbsoluteUri);
        await LookAsync(page, "");
        await KeyboardAsync(page);
        await page.EvaluateAsync("document.querySelectorAll('details').forEach(each => each.open = true)");
        await LookAsync(page, " with everything open");
        return _faults;
    }

    private async Task LookAsync(IPage page, string state)
    {
        await SayAsync(page, PageScripts.Overflow, $"is wider than the page{state}");
        await SayAsync(page, PageScripts.CutTexts, $"is cut off by its chart{state}");
        await SayAsync(page, PageScripts.LostPictures, $"is no picture, or has no description{state}");
        var axe = await page.RunAxe();
        _faults.AddRange(axe.Violations.SelectMany(violation => violation.Nodes.Select(
            node => $"{violation.Id}{state}: {violation.Help}: {node.Target}")));
        var name = $"{Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)))}-"
            + $"{Path.GetFileNameWithoutExtension(path)}-{view.Width}-{view.Scheme}{(state.Length > 0 ? "-open" : "")}";
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    /// <summary>Everything that can be used is reached by the tabulator, in the order of the page, and can be seen
    /// there; what opens opens by a key.</summary>
    private async Task KeyboardAsync(IPage page)
    {
        var all = await page.EvaluateAsync<string[]>(PageScripts.Focusable);
        var reached = new List<string>();
        for (var i = 0; i < all.Length; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            reached.Add(await page.EvaluateAsync<string>(PageScripts.Focused));
            if (!await page.EvaluateAsync<bool>(PageScripts.FocusIsSeen))
            {
                _faults.Add($"the focus is not seen on {reached[^1]}");
            }
        }

        if (!reached.SequenceEqual(all))
        {
            _faults.Add($"by the tabulator {string.Join(", ", reached)}, not {string.Join(", ", all)}");
        }

        if (await page.QuerySelectorAsync("summary") is { } summary)
        {
            await summary.FocusAsync();
            await page.Keyboard.PressAsync("Enter");
            if (!await summary.EvaluateAsync<bool>("each => each.parentElement.open"))
            {
                _faults.Add("what can be opened does not open by a key");
            }
        }
    }

    private async Task SayAsync(IPage page, string script, string fault) =>
        _faults.AddRange((await page.EvaluateAsync<string[]>(script)).Select(what => $"{what} {fault}"));
}
