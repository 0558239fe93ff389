using Bijectors.Zoo;
using Microsoft.AspNetCore.OpenApi;

namespace Bijectors.Cli;

/// <summary>What the description of the service says at its top.</summary>
internal static class OpenApiText
{
    public static void Configure(OpenApiOptions options) =>
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "bijectors serve";
            document.Info.Version = SavedModel.LibraryVersion;
            document.Info.Description =
                "Scores items under a normalizing flow and draws samples from it. GET /describe says what a row is.";
            return Task.CompletedTask;
        });
}
