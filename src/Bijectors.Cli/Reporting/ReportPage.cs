namespace Bijectors.Cli;

/// <summary>
/// A report as one HTML file that needs nothing else: no script, no font, no picture from elsewhere.
/// </summary>
/// <param name="Title">What it is about.</param>
/// <param name="Lead">What was done, in a sentence or two.</param>
/// <param name="Sections">Its sections; those without a body are left out.</param>
/// <param name="Conditions">Versions, machine, seed and date.</param>
internal sealed record ReportPage(
    string Title, string Lead, IReadOnlyList<ReportSection?> Sections, string Conditions)
{
    /// <summary>What a reader must know first; null for nothing.</summary>
    public string? Warning { get; init; }

    public string Write()
    {
        var sections = Sections.OfType<ReportSection>().ToList();
        return Html.Of(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Title}</title>
            <style>
            {new Html(ReportStyle.Css)}
            </style>
            </head>
            <body>
            <a class="skip" href="#content">Skip to the content</a>
            <header>
            <h1>{Title}</h1>
            <p class="lead">{Lead}</p>
            {(Warning is null ? Html.None : Html.Of($"<p class=\"note\">{Warning}</p>"))}
            <nav aria-label="Sections"><ul>
            {Html.Each(sections, section => Html.Of($"<li><a href=\"#{section.Id}\">{section.Title}</a></li>"))}
            </ul></nav>
            </header>
            <main id="content" tabindex="-1">
            {Html.Each(sections, Draw)}
            </main>
            <footer>{Conditions}</footer>
            </body>
            </html>

            """).Text;
    }

    private static Html Draw(ReportSection section) => Html.Of(
        $"""
        <section id="{section.Id}" aria-labelledby="{section.Id}-title">
        <h2 id="{section.Id}-title">{section.Title}</h2>
        {section.Body}
        </section>
        """);
}
