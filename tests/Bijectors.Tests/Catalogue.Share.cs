using System.Globalization;

namespace Bijectors.Tests;

/// <content>A share of the entries, for what takes long and is tested in parts on all of them as well.</content>
internal static partial class Catalogue
{
    /// <summary>
    /// The names of the entries whose place leaves the rest k on division by n, of the share "k/n" that the environment
    /// variable BIJECTORS_TEST_SHARE names.
    /// </summary>
    /// <param name="usual">The share where it names none.</param>
    public static IEnumerable<string> Share(string usual)
    {
        var share = (Environment.GetEnvironmentVariable("BIJECTORS_TEST_SHARE") ?? usual).Split('/')
            .Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return All.Where((_, place) => place % share[1] == share[0]).Select(entry => entry.Name);
    }
}
