using System.Text;

namespace Bijectors.Generators.Language;

/// <summary>Templates are filled in one pass: what goes into a hole may itself look like one.</summary>
internal static class Template
{
    /// <param name="template">C# with holes, <c>{name}</c>.</param>
    /// <param name="torch">What stands for <c>torch</c> in the template.</param>
    /// <param name="hole">What goes into a hole.</param>
    public static string Fill(string template, string torch, Func<string, string> hole)
    {
        var text = new StringBuilder();
        var start = 0;
        for (int open; (open = template.IndexOf('{', start)) >= 0;)
        {
            var close = template.IndexOf('}', open);
            text.Append(Own(start, open)).Append(hole(template.Substring(open + 1, close - open - 1)));
            start = close + 1;
        }

        return text.Append(Own(start, template.Length)).ToString();

        string Own(int from, int to) => template.Substring(from, to - from).Replace("torch.", torch + ".");
    }
}
