namespace Bijectors.Cli;

/// <summary>A section of a report.</summary>
/// <param name="Id">By which links find it.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Body">What stands below.</param>
internal sealed record ReportSection(string Id, string Title, Html Body);
