using Bijectors.Testing;
using Bijectors.Training;
using Microsoft.DotNet.Interactive.Formatting;
using static TorchSharp.torch;
using Html = Bijectors.Cli.Html;

namespace Bijectors.Interactive;

/// <summary>
/// What notebooks show of a flow, a tensor, a training and a report in place of their text: HTML that needs no script
/// and nothing from a network, in which all text of values is encoded.
/// </summary>
public static class NotebookFormatters
{
    /// <summary>
    /// Registers the formatters for the process. A notebook does so when it loads the package; a second call changes
    /// nothing that can be seen.
    /// </summary>
    public static void Register()
    {
        Register<Flow>(FlowHtml.Of);
        Register<Tensor>(TensorHtml.Of);
        Register<TrainingResult>(TrainingHtml.Of);
        Register<InvertibilityReport>(ReportHtml.Of);
    }

    private static void Register<T>(Func<T, Html> html)
    {
        Formatter.Register<T>((value, writer) => writer.Write(html(value).Text), HtmlFormatter.MimeType);
        Formatter.SetPreferredMimeTypesFor(typeof(T), HtmlFormatter.MimeType);
    }
}
