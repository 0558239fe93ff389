using System.Text.RegularExpressions;

namespace Bijectors.Tests.Pages;

/// <summary>
/// The table of contents of the documentation's site: every page is in it once, so that a reader can come to it. That
/// links lead somewhere <c>.ci/docs</c> finds out, which builds the site.
/// </summary>
public class ContentsTests
{
    [Fact]
    public void Every_page_stands_in_the_contents_once()
    {
        var folder = Path.Combine(Repository.Root, "docs", "site", "pages");
        var named = Regex.Matches(File.ReadAllText(Path.Combine(folder, "toc.yml")), @"href: (\S+)")
            .Select(match => Path.GetFullPath(Path.Combine(folder, match.Groups[1].Value)));
        var site = Path.Combine(Repository.Root, "docs", "site") + Path.DirectorySeparatorChar;
        var pages = Repository.Files(".md", "docs").Where(page => !page.StartsWith(site, StringComparison.Ordinal))
            .Concat(["CONTRIBUTING.md", "CHANGELOG.md"])
            .Select(page => Path.GetFullPath(Path.Combine(Repository.Root, page)));
        Assert.Equal(pages.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }
}
