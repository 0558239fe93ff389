namespace Bijectors.FSharp

open TorchSharp

/// Computations that dispose every tensor they make but their results, as the maps of a bijector must.
module Scope =

    /// Computes one tensor.
    let result (compute: unit -> torch.Tensor) : torch.Tensor =
        use scope = torch.NewDisposeScope()
        scope.MoveToOuter(compute ())

    /// Computes two tensors, as a map and its log-det.
    let results (compute: unit -> struct (torch.Tensor * torch.Tensor)) : struct (torch.Tensor * torch.Tensor) =
        use scope = torch.NewDisposeScope()
        let struct (first, second) = compute ()
        struct (scope.MoveToOuter first, scope.MoveToOuter second)
