// Declares a spline flow, trains it on two moons for a few seconds, and asks it for densities and samples.
module Program

open Bijectors
open Bijectors.Data
open Bijectors.FSharp
open Bijectors.Training
open type Bijectors.FSharp.Steps

[<EntryPoint>]
let main _ =
    use moons = Datasets.Toy "moons"

    let flow =
        Flow.On(Shape.Vector 2)
        |> actNorm ()
        |> repeat 4 (
            coupling (new RationalQuadraticSpline(bins = 8, bound = 5.0), hidden = 32)
            >> linear ()
        )
        |> into Distribution.StandardNormal

    printfn "%s" (flow.Describe())

    let options = TrainingOptions(Seconds = 5.0, LearningRate = 3e-3)
    let result = Trainer.Train(flow, TrainingData(moons.Train, moons.Validation), options)
    let logProb: float<nat> = flow |> Flow.meanLogProb moons.Test
    use samples = flow |> Flow.sample 4L 1

    printfn "%d steps; test: %.3f nats, %.3f bits; four samples:" result.Steps logProb (Units.toBits logProb)
    printfn "%s" (samples.ToString TorchSharp.TensorStringStyle.Numpy)
    0
