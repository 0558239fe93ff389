Console.WriteLine(System.Reflection.Assembly.GetExecutingAssembly().GetName().Name);
