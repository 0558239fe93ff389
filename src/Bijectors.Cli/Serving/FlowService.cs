using System.Net;
using System.Text.Json.Serialization;
using Bijectors.Serving;
using Bijectors.Zoo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Prometheus;

namespace Bijectors.Cli;

/// <summary>A saved flow as a service by HTTP.</summary>
internal static class FlowService
{
    /// <summary>Builds the service; it reads no settings but these.</summary>
    public static WebApplication Build(SavedModel saved, FlowQueue queue, ServeOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = options.MaxBody;
            server.Listen(options.Host, options.Port);
        });
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.AddRouting();
        builder.Services.AddOpenApi(OpenApiText.Configure);
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
        });
        if (IPAddress.IsLoopback(options.Host))
        {
            // A page in a browser cannot reach the service by a name of its own that leads here.
            builder.Services.AddHostFiltering(
                filter => filter.AllowedHosts = ["localhost", "127.0.0.1", "[::1]", $"{options.Host}"]);
        }

        var app = builder.Build();
        if (IPAddress.IsLoopback(options.Host))
        {
            app.UseHostFiltering();
        }

        app.Use((http, next) => Problems.Guard(http, next, options));
        app.UseRouting();
        new Endpoints(saved, queue, options).Map(app);
        app.MapMetrics("/metrics", ServiceMetrics.Registry);
        app.MapOpenApi("/openapi.json");
        app.UseEndpoints(_ => { });
        return app;
    }
}
