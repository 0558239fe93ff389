using Bijectors.Browser;

// Browser CHROMIUM FOLDER PAGE...: opens HTML files in Chromium, narrow and wide, light and dark, and says what is
// wrong with them; a picture of each goes to the folder.
if (args is not [var chromium, var folder, _, ..])
{
    Console.Error.WriteLine("Browser: expected CHROMIUM FOLDER PAGE...");
    return 2;
}

if (args.Skip(2).FirstOrDefault(page => !File.Exists(page)) is { } missing)
{
    Console.Error.WriteLine($"Browser: expected an HTML file, got none at {missing}.");
    return 2;
}

Directory.CreateDirectory(folder);
await using var browser = await Chromium.StartAsync(chromium);
var (views, faults) = (0, 0);
foreach (var page in args.Skip(2))
{
    foreach (var view in View.All)
    {
        var found = await new PageCheck(browser, page, view, folder).RunAsync();
        (views, faults) = (views + 1, faults + found.Count);
        Console.WriteLine($"{page}, {view}: {(found.Count == 0 ? "as it should be" : "")}");
        foreach (var fault in found)
        {
            Console.WriteLine($"  {fault}");
        }
    }
}

Console.WriteLine($"{args.Length - 2} pages in {views} views, {faults} faults");
return faults == 0 ? 0 : 1;
