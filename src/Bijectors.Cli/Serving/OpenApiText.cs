using Bijectors.Zoo;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Bijectors.Cli;

/// <summary>What the description of the service says at its top.</summary>
internal static class OpenApiText
{
    public static void Configure(OpenApiOptions options) => options
        .AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(Cell[][]))
            {
                schema.Items = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Entry() };
            }

            return Task.CompletedTask;
        })
        .AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "bijectors serve";
            document.Info.Version = SavedModel.LibraryVersion;
            document.Info.Description =
                "Scores items under a normalizing flow and draws samples from it. GET /describe says what a row is.";
            return Task.CompletedTask;
        });

    // A type that reads and writes itself has no schema of its own.
    private static OpenApiSchema Entry() => new()
    {
        Type = JsonSchemaType.Number | JsonSchemaType.String | JsonSchemaType.Null,
        Description = "A number; the name of a category in a column of categories; null where a number is missing, in "
            + "a column where one may be.",
    };
}
