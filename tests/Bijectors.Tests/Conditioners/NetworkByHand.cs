using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Conditioners;

/// <summary>
/// A network of linear layers or convolutions with its options, in plain operations of torch, with nothing of the
/// library but the numbers of the state dict.
/// </summary>
/// <param name="state">The state dict.</param>
/// <param name="layers">The names of the linear layers, in order.</param>
/// <param name="activation">The activation.</param>
/// <param name="residual">Whether the layers between the first and the last are blocks of two.</param>
/// <param name="entry">How the context enters.</param>
/// <param name="normalization">What units go through.</param>
/// <param name="mask">The mask of a layer, or none.</param>
internal sealed class NetworkByHand(
    IReadOnlyDictionary<string, Tensor> state, string[] layers, Func<Tensor, Tensor> activation, bool residual,
    ContextEntry entry, HiddenNormalization normalization, Func<string, Tensor?>? mask = null)
{
    private Tensor? _context;

    public Tensor Evaluate(Tensor x, Tensor? context)
    {
        var isImage = x.dim() == 4;
        _context = context is null || !isImage ? context : context.unsqueeze(-1).unsqueeze(-1);
        var axis = isImage ? 1 : -1;
        if (_context is not null && entry is ContextEntry.Concatenation or ContextEntry.Gating)
        {
            x = cat([x, isImage ? _context!.expand(-1, -1, x.size(2), x.size(3)) : _context!], axis);
        }

        var h = Linear(layers[0], x);
        if (_context is not null && entry == ContextEntry.Addition)
        {
            h = h + activation(OfContext(0));
        }

        var place = 0;
        for (var i = 1; i < layers.Length - 1; i += residual ? 2 : 1)
        {
            if (!residual)
            {
                h = Linear(layers[i], Activated(h, place++, axis));
                continue;
            }

            var block = (i - 1) / 2;
            var inner = Linear(layers[i], Activated(h, place++, axis));
            inner = _context is not null && entry == ContextEntry.Addition ? inner + OfContext(block + 1) : inner;
            var change = Linear(layers[i + 1], Activated(inner, place++, axis));
            h = h + (_context is not null && entry == ContextEntry.Gating
                ? change * OfContext(block).sigmoid() : change);
        }

        return Linear(layers[^1], residual ? h : Activated(h, place, axis));
    }

    private Tensor Activated(Tensor h, int place, int axis)
    {
        if (normalization == HiddenNormalization.Layer)
        {
            var variance = h.var(axis, unbiased: false, keepdim: true);
            h = (h - h.mean([axis], keepdim: true)) / (variance + 1e-5).sqrt();
        }

        if (normalization != HiddenNormalization.None)
        {
            h = (h * state[$"between.scalings.{place}.scale"]) + state[$"between.scalings.{place}.shift"];
        }

        if (_context is not null && entry == ContextEntry.Film)
        {
            var parts = OfContext(place).chunk(2, axis);
            h = ((1 + parts[0]) * h) + parts[1];
        }

        return activation(h);
    }

    private Tensor OfContext(int place)
    {
        var context = _context!.dim() == 4 ? _context.flatten(1) : _context;
        var read = nn.functional.linear(
            context, state[$"between.contexts.{place}.weight"], state[$"between.contexts.{place}.bias"]);
        return _context.dim() == 4 ? read.unsqueeze(-1).unsqueeze(-1) : read;
    }

    private Tensor Linear(string layer, Tensor x)
    {
        var (weight, bias) = (state[$"{layer}.weight"], state[$"{layer}.bias"]);
        if (mask?.Invoke(layer) is { } counts)
        {
            weight = weight * counts;
        }

        if (x.dim() != 4)
        {
            return nn.functional.linear(x, weight, bias);
        }

        var columns = nn.functional.unfold(x, weight.size(2), padding: weight.size(2) / 2);
        var pixels = weight.flatten(1).matmul(columns) + bias.unsqueeze(1);
        return pixels.reshape(x.size(0), weight.size(0), x.size(2), x.size(3));
    }
}
