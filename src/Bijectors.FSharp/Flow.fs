namespace Bijectors.FSharp

open Bijectors
open TorchSharp

/// Losses with their units, and samples.
module Flow =

    /// The mean log-density of events `(batch..., event)`, without gradients.
    /// Throws what `Flow.LogProb` throws.
    let meanLogProb (x: torch.Tensor) (flow: Flow) : float<nat> =
        use _ = torch.no_grad ()
        use logProb = flow.LogProb x
        use mean = logProb.mean ()
        mean.to_type(torch.ScalarType.Float64).item<float> () * 1.0<nat>

    /// The mean of bits per dimension of dequantised data `(batch..., event)`, without gradients.
    /// Throws what `Flow.BitsPerDimension` throws.
    let meanBitsPerDimension (x: torch.Tensor) (flow: Flow) : float<bit / dim> =
        use _ = torch.no_grad ()
        use bits = flow.BitsPerDimension x
        use mean = bits.mean ()
        mean.to_type(torch.ScalarType.Float64).item<float> () * 1.0<bit / dim>

    /// Samples `(count, event)` of a seed, without gradients.
    let sample (count: int64) (seed: int) (flow: Flow) : torch.Tensor =
        use _ = torch.no_grad ()
        use generator = new torch.Generator(uint64 seed)
        flow.Sample(count, generator = generator)
