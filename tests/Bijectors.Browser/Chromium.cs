using Microsoft.Playwright;

namespace Bijectors.Browser;

/// <summary>A browser without a window.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    // Otherwise it asks hosts on the network for news of its own.
    private static readonly string[] s_arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Chromium> StartAsync(string path)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = s_arguments });
        return new(playwright, browser);
    }

    public Task<IBrowserContext> OpenAsync(View view) => _browser.NewContextAsync(new()
    {
        ViewportSize = new() { Width = view.Width, Height = 900 },
        ColorScheme = view.Scheme,
    });

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
